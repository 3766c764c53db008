# 考官裁定之后的总分。
decided-counts = 计入裁定后 { $percent }
decided-total = 此处已计入考官的裁定。程序原评 { $percent }%。
decided-points = 分数已按考官的裁定计算。程序原评 { $earned } 分，满分 { $possible } 分。
