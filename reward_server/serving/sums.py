"""Metrics of several processes as one: what they counted is added up; of what does not add up, the most."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from prometheus_client.core import Metric
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample

_MOST = ("_worst_", "process_start_time_", "process_max_fds", "python_info")
"""In the names of gauges that do not add up."""
_Key = tuple[str, tuple[tuple[str, str], ...]]


@dataclass
class Sum(Collector):
    """Families of metrics by name, with the samples in them."""

    families: dict[str, tuple[Metric, dict[_Key, Sample]]] = field(default_factory=dict)

    def add(self, metrics: "Iterable[Metric] | Sum") -> None:
        """Add what another process counted."""
        for metric in metrics.collect() if isinstance(metrics, Sum) else metrics:
            _, samples = self.families.setdefault(metric.name, (metric, {}))
            for sample in metric.samples:
                key = sample.name, tuple(sorted(sample.labels.items()))
                samples[key] = _both(samples[key], sample) if key in samples else sample

    def collect(self) -> Iterator[Metric]:
        """Yield the sums."""
        for metric, samples in self.families.values():
            family = Metric(metric.name, metric.documentation, metric.type, metric.unit)
            family.samples = list(samples.values())
            yield family


def summed(*parts: "Iterable[Metric] | Sum") -> Sum:
    """Return the sum of what several processes counted."""
    total = Sum()
    for part in parts:
        total.add(part)
    return total


def _both(one: Sample, other: Sample) -> Sample:
    value = max(one.value, other.value) if any(part in one.name for part in _MOST) else one.value + other.value
    return one._replace(value=value, exemplar=other.exemplar or one.exemplar)
