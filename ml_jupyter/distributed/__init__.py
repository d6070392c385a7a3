"""Jobs of several processes: which ranks there are, and what each is started with."""
