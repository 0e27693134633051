// A shared library that is no plugin at all.
extern "C" __attribute__((visibility("default"))) int safe_docker_test_of_no_interest(void);
extern "C" int safe_docker_test_of_no_interest(void) { return 0; }
