# Tests of the plugins and of `hermod plugin test`.
TESTS += \
	tests/plugins/verifier.py
EXTRA_DIST += \
	tests/data/standard_webhooks.json \
	tests/lib/standardwebhooks.py \
	tests/plugins/verifier.py
