dist_man_MANS += docs/hermod.1 docs/hermod.yaml.5 docs/hermod-plugin.3 docs/hermod-case.5
EXTRA_DIST += docs/design.md docs/journal.md docs/performance.md
EXTRA_DIST += docs/http.md docs/sandbox.md
