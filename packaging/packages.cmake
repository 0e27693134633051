# The packages that CPack makes: safe-docker, and what one needs to write plugins. Run by build-packages.sh.
set(CPACK_PACKAGE_NAME safe-docker)
set(CPACK_PACKAGE_VENDOR "The safe-docker authors")
set(CPACK_PACKAGE_CONTACT "${SAFE_DOCKER_MAINTAINER}")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_HOMEPAGE_URL ${PROJECT_HOMEPAGE_URL})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # CPack would put it in front of every description
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
                                                WORLD_EXECUTE)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL runtime dev)
set(CPACK_VERBATIM_VARIABLES ON)

set(runtime_summary "judge docker commands before they run")
set(runtime_description
    "safe-docker reads the shell commands of coding agents, and of people, before
they run. Those that would give a container the host (its files, its devices,
its engine) are denied or asked about, with the reason and a way out.
It works as the hook of an agent and as a wrapper in front of docker.")
set(dev_summary "headers for plugins of safe-docker")
set(dev_description
    "The contract between safe-docker and its plugins: a C header, a C++ SDK
without a library, a CMake package, a pkg-config file, and an example.")

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "${SAFE_DOCKER_MAINTAINER}")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME safe-docker)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_RUNTIME_DESCRIPTION "${runtime_summary}\n${runtime_description}")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
# Packed relocations (cmake/Flags.cmake) are a version of the loader's, which no symbol shows to SHLIBDEPS.
set(CPACK_DEBIAN_RUNTIME_PACKAGE_DEPENDS "libc6 (>= 2.36)")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SUGGESTS "docker.io | docker-ce-cli | podman")
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/conffiles "/etc/safe-docker/config.toml\n")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA ${CMAKE_CURRENT_BINARY_DIR}/conffiles)
set(CPACK_DEBIAN_DEV_PACKAGE_NAME safe-docker-plugin-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_DEV_DESCRIPTION "${dev_summary}\n${dev_description}")
set(CPACK_DEBIAN_DEV_PACKAGE_SUGGESTS "safe-docker, cmake, pkg-config")

set(CPACK_RPM_COMPONENT_INSTALL ON)
set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_RPM_PACKAGE_RELEASE 1)
set(CPACK_RPM_PACKAGE_URL ${PROJECT_HOMEPAGE_URL})
set(CPACK_RPM_RUNTIME_PACKAGE_NAME safe-docker)
set(CPACK_RPM_RUNTIME_PACKAGE_SUMMARY "Judge docker commands before they run")
set(CPACK_RPM_RUNTIME_PACKAGE_DESCRIPTION "${runtime_description}")
set(CPACK_RPM_RUNTIME_PACKAGE_GROUP "System/Management")
# What is linked in (deb/copyright): header-only and static libraries, and GCC's runtime library with its exception.
set(CPACK_RPM_PACKAGE_LICENSE
    "(MIT OR Apache-2.0) AND MIT AND ISC AND BSD-2-Clause AND BSL-1.0 AND GPL-3.0-or-later WITH GCC-exception-3.1")
set(CPACK_RPM_RUNTIME_USER_FILELIST "%config(noreplace) /etc/safe-docker/config.toml")
set(CPACK_RPM_DEV_PACKAGE_NAME safe-docker-plugin-devel)
set(CPACK_RPM_DEV_PACKAGE_ARCHITECTURE noarch)
set(CPACK_RPM_DEV_PACKAGE_SUMMARY "Headers for plugins of safe-docker")
set(CPACK_RPM_DEV_PACKAGE_DESCRIPTION "${dev_description}")
set(CPACK_RPM_DEV_PACKAGE_GROUP "Development/Libraries/C and C++")
# Folders that belong to the system.
set(CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION
    /etc /usr/lib /usr/lib64 /usr/include /usr/share/bash-completion /usr/share/bash-completion/completions /usr/share/cmake
    /usr/share/doc /usr/share/fish /usr/share/fish/vendor_completions.d /usr/share/licenses /usr/share/man
    /usr/share/man/man1 /usr/share/man/man5 /usr/share/man/man7 /usr/share/pkgconfig /usr/share/zsh
    /usr/share/zsh/site-functions)
string(TIMESTAMP release_date "%a %b %d %Y" UTC) # of SOURCE_DATE_EPOCH
configure_file(rpm/changelog.in rpm-changelog @ONLY)
set(CPACK_RPM_CHANGELOG_FILE ${CMAKE_CURRENT_BINARY_DIR}/rpm-changelog)
# Nothing of the machine or the hour of the build may get in.
set(CPACK_RPM_SPEC_MORE_DEFINE
    "%define _buildhost reproducible
%define use_source_date_epoch_as_buildtime 1
%define clamp_mtime_to_source_date_epoch 1
%define _build_id_links none
%define packager ${SAFE_DOCKER_MAINTAINER}")
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_SOURCE_DIR}/set-times.cmake)

include(CPack)
