libhermod_a_SOURCES += \
	host/config/config.h \
	host/config/yaml.h
