"""What diffusion keeps, one file a subject."""

from fiches.diffusion.models.traces import Trace, Version

__all__ = ["Trace", "Version"]
