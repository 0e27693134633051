# Run by CPack on what it is about to pack: the time of a file in a clone is when it was cloned, which is nobody's business.
execute_process(
  COMMAND find ${CPACK_TEMPORARY_DIRECTORY} -exec touch --no-dereference "--date=@$ENV{SOURCE_DATE_EPOCH}" {} +
          COMMAND_ERROR_IS_FATAL ANY)
