/* services.c - the table every call points to. Every slot of every group is filled. */
#include "runner/call.h"

const struct hermod_host services = {
    .abi_minor = HERMOD_ABI_MINOR,
    .log = &svc_log,
    .http = &svc_http,
    .json = &svc_json,
    .retry = &svc_retry,
    .crypto = &svc_crypto,
    .text = &svc_text,
    .time = &svc_time,
    .memo = &svc_memo,
    .subscriber = &svc_subscriber,
    .tags = &svc_tags,
};
