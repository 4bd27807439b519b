"""System calls by what the filter does about them, with their numbers on x86_64 and aarch64 (-1: no such call)."""

from errno import ENOSYS, EPERM

# name: (x86_64, aarch64); -1 where the architecture has no such call
REFUSED: dict[str, tuple[int, int]] = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438), "process_madvise": (440, 440),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432),
    "fspick": (433, 433), "mount_setattr": (442, 442), "unshare": (272, 97), "setns": (308, 268),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264), "fanotify_init": (300, 262),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225),
    "acct": (163, 89), "quotactl": (179, 60), "quotactl_fd": (443, 443), "iopl": (172, -1), "ioperm": (173, -1),
    "sethostname": (170, 161), "setdomainname": (171, 162), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "adjtimex": (159, 171), "clock_adjtime": (305, 266), "bpf": (321, 280), "perf_event_open": (298, 241),
    "userfaultfd": (323, 282), "syslog": (103, 116), "vhangup": (153, 58), "lookup_dcookie": (212, 18),
    "memfd_secret": (447, 447), "modify_ldt": (154, -1), "uselib": (134, -1),
}  # fmt: skip
SILENT: dict[str, tuple[int, int, int]] = {
    "clone3": (435, 435, ENOSYS), "io_uring_setup": (425, 425, ENOSYS), "io_uring_enter": (426, 426, ENOSYS),
    "io_uring_register": (427, 427, ENOSYS), "keyctl": (250, 219, ENOSYS), "add_key": (248, 217, ENOSYS),
    "request_key": (249, 218, ENOSYS), "mbind": (237, 235, EPERM), "set_mempolicy": (238, 237, EPERM),
    "migrate_pages": (256, 238, EPERM), "move_pages": (279, 239, EPERM), "personality": (135, 92, EPERM),
    "flock": (73, 32, EPERM), "mq_open": (240, 180, ENOSYS), "mq_unlink": (241, 181, ENOSYS),
    "shmget": (29, 194, ENOSYS), "shmat": (30, 196, ENOSYS), "shmctl": (31, 195, ENOSYS),
    "semget": (64, 190, ENOSYS), "semctl": (66, 191, ENOSYS), "semop": (65, 193, ENOSYS),
    "semtimedop": (220, 192, ENOSYS), "msgget": (68, 186, ENOSYS), "msgsnd": (69, 189, ENOSYS),
    "msgrcv": (70, 188, ENOSYS), "msgctl": (71, 187, ENOSYS), "statmount": (457, 457, ENOSYS),
    "listmount": (458, 458, ENOSYS), "setxattrat": (463, 463, ENOSYS), "removexattrat": (466, 466, ENOSYS),
    "open_tree_attr": (467, 467, ENOSYS), "file_setattr": (469, 469, ENOSYS),
}  # fmt: skip
NEWEST = 469
OWNED: dict[str, tuple[int, int]] = {
    "chmod": (90, -1), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, -1),
    "fchown": (93, 55), "lchown": (94, -1), "fchownat": (260, 54), "setxattr": (188, 5), "lsetxattr": (189, 6),
    "fsetxattr": (190, 7), "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "utime": (132, -1), "utimes": (235, -1), "futimesat": (261, -1), "utimensat": (280, 88),
}  # fmt: skip
"""What Landlock leaves to whoever owns a file."""
ARGUED: dict[str, tuple[int, int]] = {
    "socket": (41, 198), "socketpair": (53, 199), "clone": (56, 220), "fcntl": (72, 25), "ioctl": (16, 29),
    "prlimit64": (302, 261), "setpriority": (141, 140), "sched_setaffinity": (203, 122),
    "sched_setscheduler": (144, 119), "sched_setparam": (142, 118), "sched_setattr": (314, 274),
    "ioprio_set": (251, 30), "mknod": (133, -1), "mknodat": (259, 33), "memfd_create": (319, 279),
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "pidfd_send_signal": (424, 424), "pidfd_open": (434, 434),
}  # fmt: skip

WRITES: dict[str, tuple[int, int, int, int]] = {
    "open": (2, -1, -1, 0), "openat": (257, 56, 0, 1), "creat": (85, -1, -1, 0), "openat2": (437, 437, 0, 1),
    "truncate": (76, 45, -1, 0), "mkdir": (83, -1, -1, 0), "mkdirat": (258, 34, 0, 1), "rmdir": (84, -1, -1, 0),
    "unlink": (87, -1, -1, 0), "unlinkat": (263, 35, 0, 1), "rename": (82, -1, -1, 1), "renameat": (264, 38, 2, 3),
    "renameat2": (316, 276, 2, 3), "link": (86, -1, -1, 1), "linkat": (265, 37, 2, 3), "symlink": (88, -1, -1, 1),
    "symlinkat": (266, 36, 1, 2), "chmod": (90, -1, -1, 0), "fchmodat": (268, 53, 0, 1),
}  # fmt: skip
"""Calls that change what a path names: their numbers, and which arguments are the directory (-1: none) and the path."""
FLAGS_OF_OPEN = {"open": 1, "openat": 2}
SIGNALS = ("kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_open")
"""Calls whose first argument says whom a signal is for."""


def column(machine: str) -> int:
    """Which of the numbers is the machine's."""
    return 0 if machine == "x86_64" else 1


def name_of(number: int, machine: str) -> str:
    """The name of a call in any of the tables, else its number."""
    place = column(machine)
    tables: tuple[dict[str, tuple[int, ...]], ...] = (REFUSED, ARGUED, WRITES, OWNED)  # type: ignore[assignment]
    for table in tables:
        for name, numbers in table.items():
            if numbers[place] == number:
                return name
    return str(number)
