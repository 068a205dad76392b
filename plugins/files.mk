# A new plugin is one folder and two lines here: its .so, and its case files.
SO_CFLAGS = -std=c11 -fPIC -fvisibility=hidden $(HERMOD_WARNINGS) $(HERMOD_HARDEN)
SO_LDFLAGS = -shared $(HERMOD_LDHARDEN) -Wl,-z,defs

PLUGIN_CASES =
