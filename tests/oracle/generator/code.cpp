// Statements as the text of another shell, of eval, of a trap, or of a file.
#include "generator.hpp"
#include "quoting.hpp"

namespace safe_docker::oracle {

// Statements that stand on their own and that the reading shell understands.
std::string Generator::InnerBody(bool is_posix) {
  const bool outer = is_posix_;
  is_posix_ = is_posix_ || is_posix;
  std::string text = Body();
  is_posix_ = outer;
  return text;
}

std::string Generator::PosixBody() { return InnerBody(/*is_posix=*/true); }

std::string Generator::Eval() {
  const std::string body = Body();
  const std::string name = NewName("c");
  switch (choices_->Draw(4)) {
    case 0:
      return "eval " + Quote(body);
    case 1:
      return name + "=" + Quote(body) + "\neval \"$" + name + "\"";
    case 2: {
      const std::string delimiter = NewName("E");
      return "eval \"$(cat <<'" + delimiter + "'\n" + body + "\n" + delimiter + "\n)\"";
    }
    default:
      return "eval eval " + Quote(Quote(body));
  }
}

std::string Generator::ShellText() {
  const bool is_dash = is_posix_ || choices_->Draw(3) == 0;
  const std::string body = InnerBody(is_dash);
  const std::string text = Quote(body);
  if (is_dash) {
    switch (choices_->Draw(4)) {
      case 0:
        return "sh -c " + text;
      case 1:
        return "X=1 sh -e -c " + text + " name 'a b'";
      case 2:
        return "env -i PATH=\"$PATH\" HOME=\"$HOME\" sh -c " + text;
      default:
        return "sudo -E dash -c " + text;
    }
  }
  const std::string name = NewName("c");
  switch (choices_->Draw(7)) {
    case 0:
      return "bash -c " + text;
    case 1:
      return "bash -ec " + text + " zero one";
    case 2:
      return "/bin/bash --norc -o pipefail -c " + text;
    case 3:
      return name + "=" + text + "\nbash -c \"$" + name + "\"";
    case 4:
      return "timeout 5 bash -c -- " + text;
    case 5:
      return "export " + name + "=" + text + "\nbash -c 'eval \"$" + name + "\"'";
    default:
      return "nice env X=y bash -uc " + text;
  }
}

std::string Generator::ShellInput() {
  const bool is_dash = is_posix_ || choices_->Draw(2) == 0;
  const std::string shell = is_dash ? "sh" : "bash";
  const std::string body = InnerBody(is_dash);
  const std::string delimiter = NewName("E");
  switch (choices_->Draw(is_posix_ ? 6 : 7)) {
    case 0:
      return shell + " <<'" + delimiter + "'\n" + body + "\n" + delimiter;
    case 1:
      return shell + " <<" + delimiter + "\n" + HereDocumentEscaped(body) + "\n" + delimiter;
    case 2:
      return "printf '%s\\n' " + Quote(body) + " | " + shell;
    case 3:
      return "cat <<'" + delimiter + "' | " + shell + " -s -- a b\n" + body + "\n" + delimiter;
    case 4:
      return "cat > in.txt <<\\" + delimiter + "\n" + body + "\n" + delimiter + "\n" + shell + " < in.txt";
    case 5:
      return shell + " /dev/stdin <<'" + delimiter + "'\n" + body + "\n" + delimiter;
    default:
      return shell + " <<< " + Quote(body);
  }
}

std::string Generator::Source() {
  const std::string body = Body();
  const std::string delimiter = NewName("E");
  switch (choices_->Draw(4)) {
    case 0:
      return "source <(printf '%s\\n' " + Quote(body) + ")";
    case 1:
      return ". /dev/stdin <<'" + delimiter + "'\n" + body + "\n" + delimiter;
    case 2:
      return "source ./functions.sh\nstart img";
    default:
      return "bash <(cat <<'" + delimiter + "'\n" + body + "\n" + delimiter + "\n)";
  }
}

std::string Generator::Script() {
  const bool is_dash = is_posix_ || choices_->Draw(3) == 0;
  const std::string shell = is_dash ? "sh" : "bash";
  const std::string body = InnerBody(is_dash);
  const std::string file = NewName("s") + ".sh";
  const std::string delimiter = NewName("E");
  std::string write;
  switch (choices_->Draw(5)) {
    case 0:
      write = "cat > " + file + " <<'" + delimiter + "'\n#!/bin/" + shell + "\n" + body + "\n" + delimiter;
      break;
    case 1:
      write = "printf '%s\\n' " + Quote("#!/bin/" + shell + "\n" + body) + " > " + file;
      break;
    case 2:
      write = "cat <<'" + delimiter + "' | tee " + file + " >/dev/null\n" + body + "\n" + delimiter;
      break;
    case 3:
      write = "echo '# a script' > " + file + "\ncat >> " + file + " <<" + delimiter + "\n" +
              HereDocumentEscaped(body) + "\n" + delimiter;
      break;
    default:
      write = "{ echo '#!/bin/" + shell + "'; printf '%s\\n' " + Quote(body) + "; } > " + file;
  }
  const std::string run = choices_->OneOf({shell + " " + file, "chmod +x " + file + "\n./" + file, ". ./" + file,
                                           shell + " -x ./" + file + " a b", "cat " + file + " | " + shell,
                                           "mv " + file + " x" + file + " && " + shell + " x" + file,
                                           "chmod 755 " + file + " && \"$PWD/" + file + "\"", "./script.sh"});
  return write + "\n" + run;
}

std::string Generator::Trap() {
  const std::string body = Body();
  switch (choices_->Draw(is_posix_ ? 2 : 5)) {
    case 0:
      return "(trap " + Quote(body) + " EXIT\n:)";
    case 1:
      return "trap " + Quote(body) + " USR1\nkill -USR1 $$\n:\ntrap - USR1";
    case 2:
      return "(trap " + Quote(body) + " ERR; false; true)";
    case 3:
      return "(f() { " + body + "\n}\ntrap f 0)";
    default:
      return "(trap " + Quote("trap - DEBUG\n" + body) + " DEBUG\n:)";
  }
}

std::string Generator::DecodedCode() {
  const bool is_dash = is_posix_ || choices_->Draw(2) == 0;
  const std::string shell = is_dash ? "sh" : "bash";
  const std::string body = InnerBody(is_dash);
  switch (choices_->Draw(4)) {
    case 0:
      return "echo " + Base64(body) + " | base64 -d | " + shell;
    case 1:
      return "eval \"$(echo " + Base64(InnerBody(is_posix_)) + " | base64 --decode)\"";
    case 2:
      return "printf %s " + SingleQuoted(Rotated(body)) + " | tr 'a-zA-Z' 'n-za-mN-ZA-M' | " + shell;
    default:
      return shell + " -c \"$(printf %s " + Hexadecimal(body) + " | xxd -r -p)\"";
  }
}

std::string Generator::ExportedFunction() {
  const std::string name = NewName("f");
  return name + "() {\n" + Body() + "\n}\nexport -f " + name + "\n" +
         (choices_->Draw(2) == 0 ? "bash -c " + name : "echo x | xargs -I{} bash -c '" + name + " {}'");
}

std::string Generator::FindShell() {
  const std::string body = PosixBody();
  return choices_->Draw(2) == 0 ? "find . -maxdepth 1 -name names.txt -exec sh -c " + Quote(body) + " x {} \\;"
                                : "echo x | xargs -n 1 sh -c " + Quote(body);
}

// Text that bash runs on occasions of its own.
std::string Generator::Prompted() {
  const std::string body = Body();
  const std::string file = NewName("rc");
  if (choices_->Draw(2) == 0) {
    return "printf '%s\\n' " + Quote("unset BASH_ENV\n" + body) + " > " + file + "\nBASH_ENV=./" + file + " bash -c :";
  }
  return "(PS4='$(docker run --privileged img)'; set -x; :)";
}

}  // namespace safe_docker::oracle
