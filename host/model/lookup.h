/* lookup.h - what runners ask the source role for. */
#ifndef HERMOD_MODEL_LOOKUP_H
#define HERMOD_MODEL_LOOKUP_H

enum lookup_kind { LOOKUP_SUBSCRIBER = 1, LOOKUP_CHECKOUT, LOOKUP_PRODUCT };

#endif
