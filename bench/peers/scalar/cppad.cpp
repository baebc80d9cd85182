// The workload on CppAD: recorded, reversed, and run again at the same point.
#include <cppad/cppad.hpp>
#include "workload.hpp"

typedef CppAD::AD<double> Number;

template <> struct Functions<Number> {
  static Number relu(const Number& a) { return CppAD::CondExpGt(a, Number(0), a, Number(0)); }
  static Number maximum(const Number& a, const Number& b) { return CppAD::CondExpGt(a, b, a, b); }
  static Number sine(const Number& a) { return CppAD::sin(a); }
  static Number exponential(const Number& a) { return CppAD::exp(a); }
};

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const Workload w = readWorkload(argv[1]);
  CppAD::thread_alloc::hold_memory(true);
  const std::vector<double> one(1, 1.0);
  std::vector<double> gradient;
  for (int repeat = 0; repeat < std::atoi(argv[2]); repeat++) {
    const double start = now();
    std::vector<Number> x(w.inputs.begin(), w.inputs.end()), y(1), s;
    CppAD::Independent(x);
    y[0] = runWorkload(w, x, s);
    CppAD::ADFun<double> f;
    f.Dependent(x, y);
    f.Forward(0, w.inputs);
    const double recorded = now();
    gradient = f.Reverse(1, one);
    const double reversed = now();
    f.Forward(0, w.inputs);
    gradient = f.Reverse(1, one);
    printTimes(recorded - start, reversed - recorded, now() - reversed);
  }
  printGradient(gradient);
  return 0;
}
