"""What is kept between builds: fingerprints and traces, checked records, the epoch."""
