"""Where jobs run: the contract of a compute target (``base``) and the targets themselves."""
