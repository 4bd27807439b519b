"""C# on Mono, which is what Debian carries."""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.cs",
    aliases=("c#", "cs", "mono", "dotnet"),
    compile=("mcs", "-optimize+", "-r:System.Numerics", "-out:program.exe", "solution.cs"),
    run=("mono", "{artifact}/program.exe"),
    version=("mcs", "--version"),
    self_test="class P { static void Main() { System.Console.Write(System.Console.In.ReadToEnd()); } }\n",
    cpu_factor=2.0,
    extra_memory_bytes=256 * 1024 * 1024,
    extra_processes=32,
    limit_address_space=False,
    environment={"MONO_LOG_DEST": "/dev/null", "MONO_LOG_LEVEL": "error"},
    directories=("/etc/mono",),
)
