"""People, teams and branches."""

import factory
from django.contrib.auth.models import Group

from users.models import Branch, Role, Team, User

PASSWORD = "correct-horse-battery-9"


class BranchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Branch

    name = factory.Sequence("شعبه {}".format)


class TeamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Team

    name = factory.Sequence("تیم {}".format)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence("person{}@example.com".format)
    first_name = factory.Sequence("کاربر {}".format)
    last_name = "آزمایشی"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return model_class.objects.create_user(kwargs.pop("email"), kwargs.pop("password", PASSWORD), **kwargs)

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        for code in extracted or ():
            self.groups.add(Role.objects.get(code=code).group)


class RoleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Role

    code = factory.Sequence("role-{}".format)
    name_fa = factory.Sequence("نقش {}".format)
    name_en = factory.Sequence("Role {}".format)
    group = factory.LazyAttribute(lambda role: Group.objects.create(name=role.code))
