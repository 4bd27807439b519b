"""Ruby."""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.rb",
    aliases=("rb",),
    run=("ruby", "--disable-gems", "{artifact}/solution.rb"),
    version=("ruby", "--version"),
    self_test="$stdout.write($stdin.read)\n",
    limit_address_space=False,
    extra_processes=8,
)
