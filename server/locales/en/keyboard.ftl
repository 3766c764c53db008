# Getting about by keyboard.
author-jump = Jump to a part
