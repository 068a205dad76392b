dist_man_MANS += docs/hermod.yaml.5 docs/hermod-plugin.3
EXTRA_DIST += docs/design.md docs/journal.md
