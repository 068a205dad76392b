/* welcome: puts every new user on a mailing list. */
#include <hermod/plugin.h>

struct config {
    const char *apiUrl, *apiKey, *list;
    bool confirm;
};

static const struct hermod_setting settings[] = {
    HERMOD_STRING(struct config, apiUrl, 0, "https://api.example.com", "The service's address."),
    HERMOD_STRING(struct config, apiKey, HERMOD_REQUIRED | HERMOD_SECRET, NULL,
                  "Key from Account > API keys."),
    HERMOD_STRING(struct config, list, HERMOD_REQUIRED, NULL, "Id of the list."),
    HERMOD_BOOL(struct config, confirm, 0, "true", "Ask people to confirm."),
    HERMOD_SETTINGS_END
};

static int
deliver(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    const struct config *cfg = config;
    struct hermod_json *body;
    struct hermod_request *q;

    body = hermod_json_pack(c, "{s:s, s:b}", "email", hermod_subscriber(c)->email,
                            "confirm", cfg->confirm);
    hermod_json_set_strings(c, body, "tags", hermod_tags(c));
    q = hermod_http_open(c, "PUT", cfg->apiUrl, "/lists/%s/members/%s", cfg->list, ev->user_id);
    hermod_http_bearer(c, q, cfg->apiKey);
    hermod_http_json(c, q, body);
    return hermod_http_outcome(c, hermod_http_send(c, q));
}

HERMOD_PLUGIN(.name = "welcome", .version = "1.0",
              .summary = "Puts every new user on a mailing list.",
              .events = HERMOD_EVENTS("userVendor.1#new"), .settings = settings,
              .config_size = sizeof(struct config), .deliver = deliver);
