/* js.h - JSON for the stand-ins: their state is one tree, and so are requests and answers.
   A thin layer over json-c; NULL stands for JSON null and for what is missing. */
#ifndef HERMOD_SANDBOX_JS_H
#define HERMOD_SANDBOX_JS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>

/* Strict; the caller's to json_object_put(). False when text is not one JSON value. */
bool js_parse(const char *text, size_t len, struct json_object **ret);

/* Members of o; NULL, or the word given, when o is no object or the member is missing or
   of another type. The values stay o's. */
struct json_object *js_get(struct json_object *o, const char *key);
struct json_object *js_object(struct json_object *o, const char *key);
struct json_object *js_array(struct json_object *o, const char *key);
const char *js_str(struct json_object *o, const char *key);
int64_t js_int(struct json_object *o, const char *key, int64_t otherwise);
bool js_bool(struct json_object *o, const char *key, bool otherwise);
/* Is there such a member, be it null? */
bool js_has(struct json_object *o, const char *key);

/* What is made and put when it is not there. */
struct json_object *js_need_object(struct json_object *o, const char *key);
struct json_object *js_need_array(struct json_object *o, const char *key);

/* value is taken over; NULL: null. */
void js_put(struct json_object *o, const char *key, struct json_object *value);
void js_put_str(struct json_object *o, const char *key, const char *text);
void js_put_int(struct json_object *o, const char *key, int64_t n);
void js_drop(struct json_object *o, const char *key);
struct json_object *js_text(const char *text);
/* The same value again, or NULL for NULL; the caller's. */
struct json_object *js_ref(struct json_object *value);
struct json_object *js_copy(struct json_object *value);
/* Puts copies of from's members into o. */
void js_merge(struct json_object *o, struct json_object *from);

/* An object from "name:kind name:kind ..." and one argument each: s const char * (NULL:
   left out), i int64_t, b int, o struct json_object * (taken over; NULL: null). */
struct json_object *js_make(const char *spec, ...);

/* Arrays of strings: where text stands, or -1. */
int js_find(struct json_object *array, const char *text);
int js_find_nocase(struct json_object *array, const char *text);
void js_append(struct json_object *array, struct json_object *value);
void js_remove(struct json_object *array, int at);
/* Members at..at+count of an array, in a new one. */
struct json_object *js_slice(struct json_object *array, int64_t at, int64_t count);

/* Only what the comma-separated dot paths name ("tags.name,total_items"), in a new tree. */
struct json_object *js_only(struct json_object *value, const char *paths);

#endif
