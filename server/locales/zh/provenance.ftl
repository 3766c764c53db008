# 病例来源。

provenance-title = 来源
provenance-none = 在本服务器上从零编写。
provenance-lead = 由近及远。复制或导出病例时一并保留。
provenance-made = 由知识图谱生成。
provenance-made-of = 由知识图谱按“{ $disease }”生成。
provenance-seed = 种子 { $seed }
provenance-graph = 图谱
provenance-copied = 以此为底本：
provenance-imported = 由文件导入：
provenance-unchanged = 与导出时一致
provenance-changed = 导出后被改动过
provenance-later = 已是后来的版本，与文件不同
provenance-no-hash = 文件未注明内容指纹，无法判断是否改动过
provenance-asks = 其许可对转交者的要求：
provenance-asks-credit = 注明作者、标题和许可，并说明有改动
provenance-asks-same = 改动后的版本须沿用同一许可
provenance-asks-not-commercial = 不得用于商业目的
provenance-asks-unchanged = 不得转交改动过的版本
provenance-asks-nothing = 无
provenance-asks-unknown = 本程序不了解该许可，转交前请自行阅读
provenance-credit-words = 署名可写作：
provenance-credit = 改编自‘{ $title }’（{ $id }，第 { $version } 版），作者 { $author }，许可 { $licence }；有改动。
provenance-export = 导出为文件
part-based_on = 来源
deed-case-exported = 导出为文件
