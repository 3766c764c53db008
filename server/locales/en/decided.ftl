# Totals after an examiner decided.
decided-counts = with decisions { $percent }
decided-total = Examiners’ decisions count here. The program’s own mark was { $percent } %.
decided-points = The points follow the examiners’ decisions. The program’s own were { $earned } of { $possible }.
