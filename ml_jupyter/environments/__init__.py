"""Software environments of jobs: what is asked for, how it is made, and what a job gets of it."""
