// Windows added back into images: each pixel looks for the windows that see it, in their order.
import type { Shape, Windows } from "@nonsmooth/ad-core";
import { sizeOf } from "../text/positions.ts";
import { type Kernel, oneStage } from "./kernel.ts";
import { windowSizes } from "./windows.ts";

export const fold: Kernel<Windows & { readonly image: Shape }> = ({ params }) => {
  const sizes = windowSizes(params.image, params);
  const { window, stride, padding, height, width, rows, columns } = sizes;
  // Along an axis at most so many windows see one pixel.
  const [across, along] = [0, 1].map((i) => Math.ceil((window[i] as number) / (stride[i] as number))) as [
    number,
    number,
  ];
  return oneStage(1, sizeOf(params.image), (body, at, [a]) => {
    const line = body.variable(`quotient(${at}, ${width})`);
    const plane = body.variable(`quotient(${line}, ${height})`);
    const y = body.variable(`${line} - ${plane} * ${height} + ${padding[0]}`);
    const x = body.variable(`${at} - ${line} * ${width} + ${padding[1]}`);
    const firstRow = body.variable(`quotient(${y}, ${stride[0]}) - ${across - 1}`);
    const firstColumn = body.variable(`quotient(${x}, ${stride[1]}) - ${along - 1}`);
    const [total, begun] = [body.variable("0"), body.variable("0")];
    body.repeat(across, (i) => {
      const row = body.variable(`${firstRow} + ${i}`);
      const cellRow = body.variable(`${y} - ${row} * ${stride[0]}`);
      body.repeat(along, (j) => {
        const column = body.variable(`${firstColumn} + ${j}`);
        const cellColumn = body.variable(`${x} - ${column} * ${stride[1]}`);
        const sees = [
          ...[`${row} >= 0`, `${row} < ${rows}`, `${column} >= 0`, `${column} < ${columns}`],
          ...[`${cellRow} < ${window[0]}`, `${cellColumn} < ${window[1]}`],
        ].join(" && ");
        body.if(sees, () => {
          const place = `((${plane} * ${rows} + ${row}) * ${columns} + ${column}) * ${window[0] * window[1]}`;
          const value = body.variable(`${a}[${place} + ${cellRow} * ${window[1]} + ${cellColumn}]`);
          body.if(
            `${begun} > 0.5`,
            () => body.set(total, `${total} + ${value}`),
            () => body.set(total, value),
          );
          body.set(begun, "1");
        });
      });
    });
    return total;
  });
};
