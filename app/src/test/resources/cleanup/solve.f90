! GONE
subroutine solve(a, n)
  integer :: i, n          ! GONE
  real :: a(n)
  character(9) :: s = 'it''s ! KEPT'
  !$omp parallel do private(i) KEPT
  !DIR$ IVDEP KEPT
  do i = 1, n
    a(i) = a(i) / 2
  end do
  !$omp end parallel do
end subroutine
