"""The statistics of opmodel: frames in, frames out; no input or output."""
