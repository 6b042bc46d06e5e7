"""The one-machine platform: the emulator, the deployed template, the networks' double, the demo. Never packaged."""
