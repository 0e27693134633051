# embed.cmake: writes OUTPUT, the rows of a table of FILES below FOLDER, each its name and its content as a C++ literal.
set(rows "")
foreach(file IN LISTS FILES)
  file(READ ${FOLDER}/${file} content)
  string(APPEND rows "{\"${file}\", R\"embedded(${content})embedded\"},\n")
endforeach()
file(WRITE ${OUTPUT} "${rows}")
