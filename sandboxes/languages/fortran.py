"""Fortran 2018, free form, optimised; bounds are not checked, as is usual."""

from sandboxes.languages import Language

LANGUAGE = Language(
    file_name="solution.f90",
    aliases=("f90", "f95", "f03", "f08", "gfortran"),
    compile=("gfortran", "-O2", "-pipe", "-o", "program", "solution.f90"),
    run=("./program",),
    version=("gfortran", "--version"),
    self_test=(
        "program echo\n  implicit none\n  character(len=1000) :: line\n  integer :: status\n  do\n"
        "    read (*, '(a)', iostat=status) line\n    if (status /= 0) exit\n    write (*, '(a)') trim(line)\n"
        "  end do\nend program echo\n"
    ),
)
