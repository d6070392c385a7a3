"""What this machine has: cores, memory, GPUs, and who uses them. Standard library at import.

No NVIDIA driver: no GPUs, no error, no cost.
"""
