# 键盘操作。
author-jump = 跳到某一部分
