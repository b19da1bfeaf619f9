/** How the lines of sweeps that are compared look: by colours that all eyes can tell apart (`sweep-lines.test.ts` measures), and by dashes. */
export const COLOURS = {
  light: ["#0072b2", "#b34700", "#333333", "#cb7698", "#8a05ff", "#99007a", "#00a85a", "#9080ff"],
  dark: ["#56b4e9", "#e69f00", "#f2f2f2", "#7661ff", "#e23232", "#52ff69", "#d61f99", "#96cf81"],
};
export const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3], [16, 5], [4, 2], [10, 3, 2, 3, 2, 3], [16, 4, 4, 4]];
/** Sweeps that are compared at most: more lines could not be told apart. */
export const MOST = DASHES.length;
