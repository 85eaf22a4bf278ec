"""The statistics of opmodel: frames and arrays in, frames and arrays out; no input or output."""
