# An edited hermod.yaml is never written over: the sample is installed beside it, and as it
# only where there is none.
hermodconfdir = $(sysconfdir)/hermod
hermodvendorsdir = $(hermodconfdir)/vendors.d
dist_hermodvendors_DATA = etc/vendors.d/example.yaml.sample
EXTRA_DIST += etc/hermod.yaml etc/hermod.bash-completion

bashcompletiondir = $(datadir)/bash-completion/completions

install-data-local:
	$(MKDIR_P) '$(DESTDIR)$(bashcompletiondir)'
	$(INSTALL_DATA) '$(srcdir)/etc/hermod.bash-completion' '$(DESTDIR)$(bashcompletiondir)/hermod'
	$(MKDIR_P) '$(DESTDIR)$(hermodconfdir)'
	$(INSTALL_DATA) '$(srcdir)/etc/hermod.yaml' '$(DESTDIR)$(hermodconfdir)/hermod.yaml.sample'
	test -e '$(DESTDIR)$(hermodconfdir)/hermod.yaml' || \
	$(INSTALL_DATA) '$(srcdir)/etc/hermod.yaml' '$(DESTDIR)$(hermodconfdir)/hermod.yaml'

uninstall-local:
	rm -f '$(DESTDIR)$(bashcompletiondir)/hermod'
	if cmp -s '$(DESTDIR)$(hermodconfdir)/hermod.yaml.sample' '$(DESTDIR)$(hermodconfdir)/hermod.yaml'; \
	then rm -f '$(DESTDIR)$(hermodconfdir)/hermod.yaml'; fi
	rm -f '$(DESTDIR)$(hermodconfdir)/hermod.yaml.sample'
