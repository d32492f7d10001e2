"""The engines that searchvn is compared with, and searchvn itself: one file a peer, all behind `base.Peer`.

Main name: `peers.table.peer`. Invariant: peers know nothing of each other; each runs in a process of its own.
"""
