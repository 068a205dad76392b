# What a plugin author installs.
sdkincludedir = $(includedir)/hermod
sdkinclude_HEADERS = sdk/hermod/plugin.h
pkgconfigdir = $(libdir)/pkgconfig
pkgconfig_DATA = sdk/hermod-plugin.pc
EXTRA_DIST += sdk/hermod-plugin.pc.in
