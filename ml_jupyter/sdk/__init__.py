"""The objects that notebooks work with: Workspace, Experiment, Run, ScriptRunConfig, Environment.

Standard library only, Python 3.8 and later, because jobs import it in whatever Python they run.
"""
