// The workload on ADOL-C: recorded on one tape again and again, reversed, and run again at the same point.
#include <adolc/adolc.h>
#include "workload.hpp"

template <> struct Functions<adouble> {
  static adouble relu(const adouble& a) { return fmax(a, 0.0); }
  static adouble maximum(const adouble& a, const adouble& b) { return fmax(a, b); }
  static adouble sine(const adouble& a) { return sin(a); }
  static adouble exponential(const adouble& a) { return exp(a); }
};

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const Workload w = readWorkload(argv[1]);
  const std::size_t n = w.inputs.size();
  // buffers that hold the whole tape, so that none of it goes to a file
  const unsigned int room = (unsigned int)(4 * w.operations());
  std::vector<double> gradient(n), zero(1, 1.0);
  double result = 0;
  for (int repeat = 0; repeat < std::atoi(argv[2]); repeat++) {
    const double start = now();
    trace_on(1, 1, room, room, room, room);
    {
      std::vector<adouble> x(n), s(n);
      for (std::size_t i = 0; i < n; i++) x[i] <<= w.inputs[i];
      adouble y = runWorkload(w, x, s);
      y >>= result;
    }
    trace_off();
    const double recorded = now();
    ::reverse(1, 1, (int)n, 0, zero.data(), gradient.data());
    const double reversed = now();
    ::gradient(1, (int)n, w.inputs.data(), gradient.data());
    printTimes(recorded - start, reversed - recorded, now() - reversed);
  }
  printGradient(gradient);
  return 0;
}
