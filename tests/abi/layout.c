/* layout.c - where everything in the public structs lies, on machines with 8-byte longs and
   pointers. A number here never changes within a major: fields are only appended, and then
   the line with the size goes to the new minor's section. Compiled, not run. */
#include <hermod/plugin.h>

#define SIZE(type, size) \
    _Static_assert(sizeof(struct type) == (size), "the size of struct " #type)
#define AT(type, field, place)                            \
    _Static_assert(offsetof(struct type, field) == (place), \
                   "the place of struct " #type "." #field)

#ifdef __LP64__
/* ---- 1.0 ---- */

SIZE(hermod_call, 8);
AT(hermod_call, host, 0);

SIZE(hermod_event, 96);
AT(hermod_event, id, 0);
AT(hermod_event, type, 8);
AT(hermod_event, vendor_id, 16);
AT(hermod_event, user_id, 24);
AT(hermod_event, contract_id, 32);
AT(hermod_event, entitlement_id, 40);
AT(hermod_event, checkout_id, 48);
AT(hermod_event, occurred_at, 56);
AT(hermod_event, occurred_ms, 64);
AT(hermod_event, accepted_ms, 72);
AT(hermod_event, body, 80);
AT(hermod_event, body_len, 88);

SIZE(hermod_response, 40);
AT(hermod_response, status, 0);
AT(hermod_response, reserved, 4);
AT(hermod_response, error, 8);
AT(hermod_response, body, 16);
AT(hermod_response, body_len, 24);
AT(hermod_response, json, 32);

SIZE(hermod_bytes, 16);
AT(hermod_bytes, data, 0);
AT(hermod_bytes, len, 8);

SIZE(hermod_log_api, 24);
AT(hermod_log_api, debug, 0);
AT(hermod_log_api, info, 8);
AT(hermod_log_api, warn, 16);

SIZE(hermod_http_api, 104);
AT(hermod_http_api, request, 0);
AT(hermod_http_api, open, 8);
AT(hermod_http_api, query, 16);
AT(hermod_http_api, header, 24);
AT(hermod_http_api, bearer, 32);
AT(hermod_http_api, basic, 40);
AT(hermod_http_api, json, 48);
AT(hermod_http_api, form, 56);
AT(hermod_http_api, body, 64);
AT(hermod_http_api, timeout, 72);
AT(hermod_http_api, start, 80);
AT(hermod_http_api, wait, 88);
AT(hermod_http_api, response_header, 96);

SIZE(hermod_json_api, 184);
AT(hermod_json_api, object, 0);
AT(hermod_json_api, array, 8);
AT(hermod_json_api, pack, 16);
AT(hermod_json_api, parse, 24);
AT(hermod_json_api, text, 32);
AT(hermod_json_api, set, 40);
AT(hermod_json_api, set_string, 48);
AT(hermod_json_api, set_bool, 56);
AT(hermod_json_api, set_int, 64);
AT(hermod_json_api, set_number, 72);
AT(hermod_json_api, set_strings, 80);
AT(hermod_json_api, add, 88);
AT(hermod_json_api, add_string, 96);
AT(hermod_json_api, get, 104);
AT(hermod_json_api, get_string, 112);
AT(hermod_json_api, get_number, 120);
AT(hermod_json_api, get_int, 128);
AT(hermod_json_api, get_bool, 136);
AT(hermod_json_api, length, 144);
AT(hermod_json_api, at, 152);
AT(hermod_json_api, key_at, 160);
AT(hermod_json_api, type, 168);
AT(hermod_json_api, get_strings, 176);

SIZE(hermod_retry_api, 56);
AT(hermod_retry_api, later, 0);
AT(hermod_retry_api, fail, 8);
AT(hermod_retry_api, skip, 16);
AT(hermod_retry_api, pause, 24);
AT(hermod_retry_api, from_http, 32);
AT(hermod_retry_api, hold, 40);
AT(hermod_retry_api, attempt, 48);

SIZE(hermod_crypto_api, 48);
AT(hermod_crypto_api, hash, 0);
AT(hermod_crypto_api, hmac, 8);
AT(hermod_crypto_api, random, 16);
AT(hermod_crypto_api, hex, 24);
AT(hermod_crypto_api, base64, 32);
AT(hermod_crypto_api, base64_decode, 40);

SIZE(hermod_text_api, 64);
AT(hermod_text_api, format, 0);
AT(hermod_text_api, lower, 8);
AT(hermod_text_api, nfc, 16);
AT(hermod_text_api, slug, 24);
AT(hermod_text_api, trim, 32);
AT(hermod_text_api, cut, 40);
AT(hermod_text_api, percent, 48);
AT(hermod_text_api, phone, 56);

SIZE(hermod_time_api, 32);
AT(hermod_time_api, now, 0);
AT(hermod_time_api, rfc3339, 8);
AT(hermod_time_api, parse, 16);
AT(hermod_time_api, format, 24);

SIZE(hermod_memo_api, 24);
AT(hermod_memo_api, get, 0);
AT(hermod_memo_api, set, 8);
AT(hermod_memo_api, exclusive, 16);

SIZE(hermod_address, 56);
AT(hermod_address, first_name, 0);
AT(hermod_address, last_name, 8);
AT(hermod_address, street, 16);
AT(hermod_address, co, 24);
AT(hermod_address, zip, 32);
AT(hermod_address, city, 40);
AT(hermod_address, country, 48);

SIZE(hermod_product, 40);
AT(hermod_product, sku, 0);
AT(hermod_product, title, 8);
AT(hermod_product, type, 16);
AT(hermod_product, option_id, 24);
AT(hermod_product, option_title, 32);

SIZE(hermod_contract, 104);
AT(hermod_contract, id, 0);
AT(hermod_contract, name, 8);
AT(hermod_contract, status, 16);
AT(hermod_contract, state, 24);
AT(hermod_contract, subscription, 28);
AT(hermod_contract, gifted, 29);
AT(hermod_contract, created_at, 32);
AT(hermod_contract, expires_at, 40);
AT(hermod_contract, cancel_at, 48);
AT(hermod_contract, next_bill_at, 56);
AT(hermod_contract, price, 64);
AT(hermod_contract, currency, 72);
AT(hermod_contract, issues_remaining, 80);
AT(hermod_contract, items, 88);
AT(hermod_contract, json, 96);

SIZE(hermod_entitlement, 56);
AT(hermod_entitlement, id, 0);
AT(hermod_entitlement, product, 8);
AT(hermod_entitlement, active, 16);
AT(hermod_entitlement, external, 17);
AT(hermod_entitlement, contract_id, 24);
AT(hermod_entitlement, created_at, 32);
AT(hermod_entitlement, expires_at, 40);
AT(hermod_entitlement, json, 48);

SIZE(hermod_subscriber, 200);
AT(hermod_subscriber, id, 0);
AT(hermod_subscriber, email, 8);
AT(hermod_subscriber, first_name, 16);
AT(hermod_subscriber, last_name, 24);
AT(hermod_subscriber, phone, 32);
AT(hermod_subscriber, company, 40);
AT(hermod_subscriber, locale, 48);
AT(hermod_subscriber, created_at, 56);
AT(hermod_subscriber, tags, 64);
AT(hermod_subscriber, billing, 72);
AT(hermod_subscriber, delivery, 80);
AT(hermod_subscriber, has_billing, 88);
AT(hermod_subscriber, active_subscriptions, 96);
AT(hermod_subscriber, overdue_subscriptions, 104);
AT(hermod_subscriber, cancelled_subscriptions, 112);
AT(hermod_subscriber, expired_subscriptions, 120);
AT(hermod_subscriber, ended_subscriptions, 128);
AT(hermod_subscriber, articles_bought, 136);
AT(hermod_subscriber, issues_remaining, 144);
AT(hermod_subscriber, has_gifted, 152);
AT(hermod_subscriber, has_external, 153);
AT(hermod_subscriber, made_single_purchase, 154);
AT(hermod_subscriber, contracts, 160);
AT(hermod_subscriber, entitlements, 168);
AT(hermod_subscriber, active_products, 176);
AT(hermod_subscriber, subscription, 184);
AT(hermod_subscriber, profile, 192);

SIZE(hermod_subscriber_api, 24);
AT(hermod_subscriber_api, get, 0);
AT(hermod_subscriber_api, checkout, 8);
AT(hermod_subscriber_api, product, 16);

SIZE(hermod_tags_api, 32);
AT(hermod_tags_api, wanted, 0);
AT(hermod_tags_api, merge, 8);
AT(hermod_tags_api, missing, 16);
AT(hermod_tags_api, stale, 24);

SIZE(hermod_host, 88);
AT(hermod_host, abi_minor, 0);
AT(hermod_host, reserved, 4);
AT(hermod_host, log, 8);
AT(hermod_host, http, 16);
AT(hermod_host, json, 24);
AT(hermod_host, retry, 32);
AT(hermod_host, crypto, 40);
AT(hermod_host, text, 48);
AT(hermod_host, time, 56);
AT(hermod_host, memo, 64);
AT(hermod_host, subscriber, 72);
AT(hermod_host, tags, 80);

SIZE(hermod_pair, 16);
AT(hermod_pair, key, 0);
AT(hermod_pair, value, 8);

SIZE(hermod_setting, 64);
AT(hermod_setting, name, 0);
AT(hermod_setting, type, 8);
AT(hermod_setting, flags, 12);
AT(hermod_setting, offset, 16);
AT(hermod_setting, reserved, 20);
AT(hermod_setting, fallback, 24);
AT(hermod_setting, choices, 32);
AT(hermod_setting, min, 40);
AT(hermod_setting, max, 48);
AT(hermod_setting, help, 56);

SIZE(hermod_limits, 40);
AT(hermod_limits, concurrent, 0);
AT(hermod_limits, requests, 8);
AT(hermod_limits, per_ms, 16);
AT(hermod_limits, deadline_ms, 24);
AT(hermod_limits, credential, 32);

SIZE(hermod_plugin, 120);
AT(hermod_plugin, struct_size, 0);
AT(hermod_plugin, setting_size, 4);
AT(hermod_plugin, abi_major, 8);
AT(hermod_plugin, abi_minor, 10);
AT(hermod_plugin, reserved, 12);
AT(hermod_plugin, name, 16);
AT(hermod_plugin, version, 24);
AT(hermod_plugin, summary, 32);
AT(hermod_plugin, events, 40);
AT(hermod_plugin, settings, 48);
AT(hermod_plugin, config_size, 56);
AT(hermod_plugin, limits, 64);
AT(hermod_plugin, deliver, 104);
AT(hermod_plugin, check, 112);

_Static_assert(HERMOD_DELIVERED == 101 && HERMOD_SKIPPED == 102 && HERMOD_RETRY == 103 &&
               HERMOD_FAILED == 104, "the outcomes");
_Static_assert(HERMOD_CONTRACT_ACTIVE == 1 && HERMOD_CONTRACT_OVERDUE == 2 &&
               HERMOD_CONTRACT_CANCELLED == 3 && HERMOD_CONTRACT_EXPIRED == 4 &&
               HERMOD_CONTRACT_OTHER == 5, "the states of a contract");
_Static_assert(HERMOD_JSON_NULL == 1 && HERMOD_JSON_BOOL == 2 && HERMOD_JSON_NUMBER == 3 &&
               HERMOD_JSON_STRING == 4 && HERMOD_JSON_ARRAY == 5 && HERMOD_JSON_OBJECT == 6,
               "the JSON types");
_Static_assert(HERMOD_T_STRING == 1 && HERMOD_T_BOOL == 2 && HERMOD_T_INT == 3 &&
               HERMOD_T_DURATION == 4 && HERMOD_T_CHOICE == 5 && HERMOD_T_STRINGS == 6 &&
               HERMOD_T_MAP == 7, "the setting types");
_Static_assert(HERMOD_REQUIRED == 1 && HERMOD_SECRET == 2, "the setting flags");
_Static_assert(HERMOD_ABI_MAJOR == 1 && HERMOD_ABI_MINOR == 0 && HERMOD_WANT_MINOR == 0,
               "the version, and that the oldest is asked for by default");
#endif

int
main(void)
{
    return 0;
}
