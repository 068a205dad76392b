/* refused: not-a-struct.so: hermod_plugin_1: wanted a struct hermod_plugin, found 4 bytes */

extern __attribute__((visibility("default"))) const int hermod_plugin_1;
const int hermod_plugin_1 = 1;
