# A new plugin is one folder and two lines here: its .so, and its case files.
SO_CFLAGS = -std=c11 -fPIC -fvisibility=hidden $(HERMOD_WARNINGS) $(HERMOD_HARDEN)
# clang leaves the sanitizers' symbols to the program that loads the plugin.
if SANITIZERS
SO_LDFLAGS = -shared $(HERMOD_LDHARDEN)
else
SO_LDFLAGS = -shared $(HERMOD_LDHARDEN) -Wl,-z,defs
endif

PLUGIN_CASES = \
	plugins/hubspot/cases \
	plugins/mailchimp/cases \
	plugins/mailmojo/cases \
	plugins/make/cases \
	plugins/rule/cases \
	plugins/webhooks/cases
EXTRA_DIST += $(PLUGIN_CASES) \
	plugins/hubspot/hubspot.md \
	plugins/mailchimp/mailchimp.md \
	plugins/mailmojo/mailmojo.md \
	plugins/make/make.md \
	plugins/rule/rule.md \
	plugins/webhooks/webhooks.md

plugin_PROGRAMS += plugins/hubspot/hubspot.so
plugins_hubspot_hubspot_so_SOURCES = \
	plugins/hubspot/hubspot.c \
	plugins/hubspot/hubspot.h \
	plugins/hubspot/properties.c
plugins_hubspot_hubspot_so_CPPFLAGS = -I$(srcdir)/sdk
plugins_hubspot_hubspot_so_CFLAGS = $(SO_CFLAGS)
plugins_hubspot_hubspot_so_LDFLAGS = $(SO_LDFLAGS)
plugins_hubspot_hubspot_so_LDADD =

plugin_PROGRAMS += plugins/mailchimp/mailchimp.so
plugins_mailchimp_mailchimp_so_SOURCES = plugins/mailchimp/mailchimp.c
plugins_mailchimp_mailchimp_so_CPPFLAGS = -I$(srcdir)/sdk
plugins_mailchimp_mailchimp_so_CFLAGS = $(SO_CFLAGS)
plugins_mailchimp_mailchimp_so_LDFLAGS = $(SO_LDFLAGS)
plugins_mailchimp_mailchimp_so_LDADD =

plugin_PROGRAMS += plugins/mailmojo/mailmojo.so
plugins_mailmojo_mailmojo_so_SOURCES = plugins/mailmojo/mailmojo.c
plugins_mailmojo_mailmojo_so_CPPFLAGS = -I$(srcdir)/sdk
plugins_mailmojo_mailmojo_so_CFLAGS = $(SO_CFLAGS)
plugins_mailmojo_mailmojo_so_LDFLAGS = $(SO_LDFLAGS)
plugins_mailmojo_mailmojo_so_LDADD =

plugin_PROGRAMS += plugins/make/make.so
plugins_make_make_so_SOURCES = plugins/make/make.c
plugins_make_make_so_CPPFLAGS = -I$(srcdir)/sdk
plugins_make_make_so_CFLAGS = $(SO_CFLAGS)
plugins_make_make_so_LDFLAGS = $(SO_LDFLAGS)
plugins_make_make_so_LDADD =

plugin_PROGRAMS += plugins/rule/rule.so
plugins_rule_rule_so_SOURCES = \
	plugins/rule/fields.c plugins/rule/fields.h plugins/rule/rule.c \
	plugins/rule/stockholm.c plugins/rule/stockholm.h
plugins_rule_rule_so_CPPFLAGS = -I$(srcdir)/sdk
plugins_rule_rule_so_CFLAGS = $(SO_CFLAGS)
plugins_rule_rule_so_LDFLAGS = $(SO_LDFLAGS)
plugins_rule_rule_so_LDADD =
UNIT += tests/unit/plugins/stockholm
tests_unit_plugins_stockholm_SOURCES = \
	tests/unit/plugins/stockholm.c plugins/rule/stockholm.c
tests_unit_plugins_stockholm_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/plugins/rule

plugin_PROGRAMS += plugins/webhooks/webhooks.so
plugins_webhooks_webhooks_so_SOURCES = plugins/webhooks/webhooks.c
plugins_webhooks_webhooks_so_CPPFLAGS = -I$(srcdir)/sdk
plugins_webhooks_webhooks_so_CFLAGS = $(SO_CFLAGS)
plugins_webhooks_webhooks_so_LDFLAGS = $(SO_LDFLAGS)
plugins_webhooks_webhooks_so_LDADD =

# The manual's example: a template to start from, not a plugin to install.
noinst_PROGRAMS += plugins/welcome/welcome.so
plugins_welcome_welcome_so_SOURCES = plugins/welcome/welcome.c
plugins_welcome_welcome_so_CPPFLAGS = -I$(srcdir)/sdk
plugins_welcome_welcome_so_CFLAGS = $(SO_CFLAGS)
plugins_welcome_welcome_so_LDFLAGS = $(SO_LDFLAGS)
plugins_welcome_welcome_so_LDADD =
templatedir = $(datadir)/hermod/template
dist_template_DATA = plugins/welcome/welcome.c plugins/welcome/welcome.md
templatecasesdir = $(templatedir)/cases
dist_templatecases_DATA = \
	plugins/welcome/cases/new-user.yaml \
	plugins/welcome/cases/throttled.yaml \
	plugins/welcome/cases/unknown-user.yaml
