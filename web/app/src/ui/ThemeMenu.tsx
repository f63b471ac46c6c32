/** Light, dark, or as the system has it. */
import { Menu, useMantineColorScheme } from "@mantine/core";
import { Check, Monitor, Moon, Sun } from "lucide-react";
import { testIds } from "../testIds";
import { IconButton } from "./IconButton";

const CHOICES = [
  { value: "light", label: "Light", icon: <Sun size={16} /> },
  { value: "dark", label: "Dark", icon: <Moon size={16} /> },
  { value: "auto", label: "System", icon: <Monitor size={16} /> },
] as const;

export function ThemeMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const current = CHOICES.find((choice) => choice.value === colorScheme) ?? CHOICES[2];
  return (
    <Menu position="bottom-end" width={160}>
      <Menu.Target>
        <IconButton label="Theme" icon={current.icon} data-testid={testIds.theme} />
      </Menu.Target>
      <Menu.Dropdown>
        {CHOICES.map((choice) => (
          <Menu.Item
            key={choice.value}
            leftSection={choice.icon}
            rightSection={choice.value === colorScheme ? <Check size={14} /> : null}
            onClick={() => setColorScheme(choice.value)}
          >
            {choice.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
