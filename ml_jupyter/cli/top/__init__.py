"""``mlj top``: runs, queue and GPUs in the terminal, live."""
