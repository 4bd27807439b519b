"""Kotlin on the JVM, assertions on; the class with `main` is found by the compiler. Scripts (`.kts`) are not run.

The heap is what it is for Java.
"""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.kt",
    aliases=("kt", "kotlinc"),
    compile=("kotlinc", "-nowarn", "-include-runtime", "-d", "program.jar", "solution.kt"),
    run=(
        "java",
        "-XX:+UseSerialGC",
        "-XX:-UsePerfData",
        "-Xshare:auto",
        "-Xss64m",
        "-Xmx1g",
        "-ea",
        "-jar",
        "{artifact}/program.jar",
    ),
    version=("kotlinc", "-version"),
    self_test="fun main() { print(System.`in`.readBytes().decodeToString()) }\n",
    environment={"JAVA_OPTS": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx1g -Xshare:auto"},
    cpu_factor=2.0,
    extra_memory_bytes=1024 * 1024 * 1024,
    extra_processes=64,
    limit_address_space=False,
    compile_cpu_seconds=60.0,
)
