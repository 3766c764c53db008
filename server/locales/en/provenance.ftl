# Where a case comes from.

provenance-title = Where it comes from
provenance-none = Written on this server from nothing.
provenance-lead = The nearest first. This goes with the case when it is copied or exported.
provenance-made = Made from the graph.
provenance-made-of = Made from the graph for “{ $disease }”.
provenance-seed = seed { $seed }
provenance-graph = graph
provenance-copied = Started from
provenance-imported = Imported from a file of
provenance-unchanged = As it was exported
provenance-changed = Changed since it was exported
provenance-later = A later version; the file was another
provenance-no-hash = The file stated no hash, so nobody can tell whether it was changed
provenance-asks = Its licence asks of whoever hands the case on:
provenance-asks-credit = name the author, the title and the licence, and say that it was changed
provenance-asks-same = keep a changed copy under the same licence
provenance-asks-not-commercial = use it for nothing commercial
provenance-asks-unchanged = hand on no changed copy
provenance-asks-nothing = nothing
provenance-asks-unknown = this program does not know it; read it before you hand the case on
provenance-credit-words = Words that give credit:
provenance-credit = Based on ‘{ $title }’ ({ $id }, version { $version }) by { $author }, { $licence }; changed.
provenance-export = Export as a file
part-based_on = Where it comes from
deed-case-exported = Exported as a file
