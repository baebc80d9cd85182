// The workload on plain numbers: what everything else is compared with.
#include <algorithm>
#include <cmath>
#include "workload.hpp"

template <> struct Functions<double> {
  static double relu(double a) { return a > 0 ? a : 0; }
  static double maximum(double a, double b) { return a > b ? a : b; }
  static double sine(double a) { return std::sin(a); }
  static double exponential(double a) { return std::exp(a); }
};

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const Workload w = readWorkload(argv[1]);
  std::vector<double> s;
  volatile double sink = 0;
  for (int repeat = 0; repeat < std::atoi(argv[2]); repeat++) {
    const double start = now();
    sink = runWorkload(w, w.inputs, s);
    printTimes(now() - start, 0, 0);
  }
  (void)sink;
  return 0;
}
