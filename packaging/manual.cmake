# Manual pages and completions: target `manual`. Section 1 and the completions are written by the program itself, from the
# tables of its commands; sections 5 and 7 by manual_pages.py, from docs/.

# The date in the pages: that of the release, so that the same sources give the same pages.
if(DEFINED ENV{SOURCE_DATE_EPOCH})
  string(TIMESTAMP manual_date "%Y-%m-%d" UTC)
else()
  execute_process(
    COMMAND ${CMAKE_COMMAND} -E env TZ=UTC git -C ${PROJECT_SOURCE_DIR} log -1 --date=format-local:%Y-%m-%d --format=%cd
    OUTPUT_VARIABLE manual_date OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT manual_date) # no clone
    file(TIMESTAMP ${PROJECT_SOURCE_DIR}/CMakeLists.txt manual_date "%Y-%m-%d" UTC)
  endif()
endif()

find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
set(manual_folder ${CMAKE_CURRENT_BINARY_DIR}/manual)
file(GLOB manual_docs CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/*.md)
set(pages_script ${CMAKE_CURRENT_SOURCE_DIR}/manual_pages.py)

set(completion_folder ${CMAKE_CURRENT_BINARY_DIR}/completion)
set(manual_stamp ${CMAKE_CURRENT_BINARY_DIR}/manual.stamp)
add_custom_command(
  OUTPUT ${manual_stamp}
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${manual_folder} ${completion_folder}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${completion_folder}
  COMMAND safe-docker manual --date ${manual_date} ${manual_folder}/man1
  COMMAND Python3::Interpreter -B ${pages_script} --date ${manual_date} --version ${PROJECT_VERSION} ${manual_folder}
  COMMAND sh -c "gzip -9n \"$1\"/man*/*" sh ${manual_folder}
  COMMAND safe-docker completion bash > ${completion_folder}/safe-docker
  COMMAND safe-docker completion zsh > ${completion_folder}/_safe-docker
  COMMAND safe-docker completion fish > ${completion_folder}/safe-docker.fish
  COMMAND ${CMAKE_COMMAND} -E touch ${manual_stamp}
  DEPENDS safe-docker safe_docker_commands_program ${pages_script} ${manual_docs}
  COMMENT "Writing manual pages and completions"
  VERBATIM)
add_custom_target(manual ALL DEPENDS ${manual_stamp})

# Debian keeps the completions of packages apart from those of zsh itself.
set(zsh_folder zsh/site-functions)
if(SAFE_DOCKER_PACKAGE STREQUAL "deb")
  set(zsh_folder zsh/vendor-completions)
endif()
install(DIRECTORY ${manual_folder}/ DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT runtime)
install(FILES ${completion_folder}/safe-docker DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
        COMPONENT runtime)
install(FILES ${completion_folder}/_safe-docker DESTINATION ${CMAKE_INSTALL_DATADIR}/${zsh_folder} COMPONENT runtime)
install(FILES ${completion_folder}/safe-docker.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d
        COMPONENT runtime)
