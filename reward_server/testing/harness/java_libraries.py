"""Libraries that Java programs of data sets use, as sources that are compiled beside a program that needs them."""

from collections.abc import Mapping
from types import MappingProxyType

from reward_server.testing.harness.java_junit import junit_files
from reward_server.testing.harness.java_tuples import tuple_files

_NONE: Mapping[str, bytes] = MappingProxyType({})


def library_files(language: str, source: str) -> Mapping[str, bytes]:
    """Return the files of each library that a Java source mentions."""
    if language != "java":
        return _NONE
    tuples = tuple_files() if "javatuples" in source else _NONE
    return {**tuples, **junit_files()} if "org.junit" in source else tuples
