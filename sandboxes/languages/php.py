"""PHP, command line; the sandbox sets the memory limit, not php.ini."""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.php",
    aliases=("php8", "php7"),
    run=("php", "-n", "-d", "memory_limit=-1", "-d", "display_errors=stderr", "{artifact}/solution.php"),
    version=("php", "--version"),
    self_test="<?php\nfpassthru(STDIN);\n",
)
